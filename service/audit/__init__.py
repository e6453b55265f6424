"""The auditor: whether what Redis believes about every pool is what Postgres knows, and Postgres agrees with itself.

It only reads. What drifted is mended by the register's lease, as `holds/README.md` says.
"""
