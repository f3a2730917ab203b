"""Who is at a JSON door, and what the key in their hand lets them do."""
