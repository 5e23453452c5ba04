"""What tests and demonstrations stand on: real servers on the loopback interface."""
