-- Who saw, and where, that a credit code of the message is a real one though its check digit does not
-- hold: [{pointer, source, operator}]. Stays when the body goes; holds no code.
ALTER TABLE item ADD COLUMN verifications TEXT;
