"""Waiting for tickets of an event: the line, in the order of joining, and the offers that are made to it.

Postgres keeps the line, and the engine serves a copy of it: seats that come free are held for whom they are offered to
in the script that would give them to the public. A worker then writes down what was offered, and sends e-mails.
"""
