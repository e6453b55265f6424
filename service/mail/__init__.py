"""E-mail: messages from templates, handed to an SMTP server or written to a folder."""
