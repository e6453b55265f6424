"""What the service is measured against, each a server started like one of its workers."""
