"""Clients, connections and pools that are not kept, or not closed."""
