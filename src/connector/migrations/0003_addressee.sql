-- The participant behind the gateway that a message is for (an enquiry).
ALTER TABLE item ADD COLUMN addressee TEXT;
