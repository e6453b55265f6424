"""The hold engine: seats of a pool kept for an owner until a moment, in Redis, by Lua scripts.

It knows nothing of HTTP, SQL, movies or users. `holds/README.md` says what it promises and why that holds.
"""
