SELECT id FROM users WHERE slug IS NULL OR slug = '';
