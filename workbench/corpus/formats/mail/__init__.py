"""E-mail: single messages, mailboxes, and Outlook's messages; only what is new in a message is its text."""
