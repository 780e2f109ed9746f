"""Real servers for the whole session: PostgreSQL and Redis from pip, in a folder of their own."""
