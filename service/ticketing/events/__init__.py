"""Events: organisers create, change and delete them, and everybody sees when and where they are."""
