"""The seats of numbered sessions: what each costs, and whether it is free, held or sold."""
