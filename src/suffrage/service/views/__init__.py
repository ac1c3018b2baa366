"""Pages and answers: each checks its form, calls one act, and shows the outcome."""
