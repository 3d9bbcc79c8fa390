-- ARGV: token, lease in milliseconds. 1 extended, 0 lost, -1 unreadable.
local r = read(KEYS[1])
if r and not r.version then return -1 end
if not r or r.state ~= 'P' or r.token ~= ARGV[1] then return 0 end
insist(KEYS[1], 'SETRANGE', KEYS[1], LEASE, struct.pack('>d', now() + ARGV[2] * 1000))
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[2]) then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 1
