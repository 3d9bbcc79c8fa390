-- ARGV: token, retention in milliseconds, answer. 1 completed, 2 it was, 0 lost, -1 unreadable.
local r = read(KEYS[1])
if r and not r.version then return -1 end
if r and (r.state == 'F' or r.token ~= ARGV[1]) then return 0 end
if r and r.state == 'D' then
  touch(KEYS[1])
  return 2
end
if not r then
  -- The record is gone. The effects have happened, so they are worth remembering.
  local moment = now()
  r = {
    token = ARGV[1], attempt = 1, first = moment, lease = moment, fingerprint = '', signed = ''
  }
end
r.state, r.answer = 'D', ARGV[3]
write(KEYS[1], r, tonumber(ARGV[2]), insist)
return 1
