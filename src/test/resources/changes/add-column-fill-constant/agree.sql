SELECT id FROM users WHERE locale NOT IN ('en', 'de', 'fr');
