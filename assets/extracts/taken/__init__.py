"""From the figures of a table to what the document says: taken one by one, then judged together."""
