UPDATE users SET nick = '' WHERE nick IS NULL;
-- halcyon: allow H303 because an empty name is shown as none
