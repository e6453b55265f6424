"""What is shown, where and when."""
