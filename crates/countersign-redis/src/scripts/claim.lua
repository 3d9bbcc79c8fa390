-- ARGV: token, lease and retention in milliseconds, fingerprint, signed time.
-- 1 claimed, 2 completed, 3 in flight, -1 unreadable; attempt, milliseconds since it was first seen
-- and until its lease ends, fingerprint, signed time, answer.
local moment = now()
local r = read(KEYS[1])
if r and not r.version then return { -1 } end
if r and r.state ~= 'F' and (r.state == 'D' or r.lease > moment) then
  local outcome = 3
  if r.state == 'D' then outcome = 2 elseif r.token == ARGV[1] then outcome = 1 end
  if outcome == 1 then touch(KEYS[1]) end
  return {
    outcome, r.attempt, math.floor((moment - r.first) / 1000),
    math.ceil((r.lease - moment) / 1000), r.fingerprint, r.signed, r.answer
  }
end
local before = r or { attempt = 0, first = moment, fingerprint = '', signed = '' }
local lease = tonumber(ARGV[2])
local claimed = {
  state = 'P', token = ARGV[1], attempt = math.min(before.attempt, 4294967294) + 1,
  first = before.first, lease = moment + lease * 1000, fingerprint = ARGV[4], signed = ARGV[5],
  answer = ''
}
write(KEYS[1], claimed, tonumber(ARGV[3]), try)
return {
  1, claimed.attempt, math.floor((moment - before.first) / 1000), lease, before.fingerprint,
  before.signed, ''
}
