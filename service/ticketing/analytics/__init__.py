"""What organisers learn about the sale of tickets."""
