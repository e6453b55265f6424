"""`/ticketing`: events, whose tickets are reserved for ten minutes and then booked, in a contract from elsewhere."""
