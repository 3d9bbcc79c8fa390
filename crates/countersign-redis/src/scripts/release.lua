-- ARGV: token. 1 released, 0 lost, -1 unreadable.
local r = read(KEYS[1])
if r and not r.version then return -1 end
if not r or r.state ~= 'P' or r.token ~= ARGV[1] then return 0 end
insist(KEYS[1], 'SETRANGE', KEYS[1], TOKEN - 1, 'F' .. string.rep('\0', 16))
return 1
