-- What is new, as nearly all is, is claimed before more is set up, which takes the server less time.
-- The record is as in `record.lua`, and the answer as in `claim.lua`.
local known = redis.call('GET', KEYS[1])
if not known and tonumber(ARGV[3]) >= 1 then
  local time = redis.call('TIME')
  local first = time[1] * 1000000 + time[2]
  redis.call('SET', KEYS[1], struct.pack('>Bc1c16I4ddBc0Bc0', 1, 'P', ARGV[1], 1, first,
    first + ARGV[2] * 1000, #ARGV[4], ARGV[4], #ARGV[5], ARGV[5]), 'PX', ARGV[3])
  return { 1, 1, 0, tonumber(ARGV[2]), '', '', '' }
end
