-- What is new, as nearly all is, is claimed before anything is read or more is set up: a third of the
-- commands less. What is not new is left as it is, as is a server that is full. The rest is as in
-- `record.lua` and `claim.lua`.
if tonumber(ARGV[3]) >= 1 then
  local time = redis.call('TIME')
  local first = time[1] * 1000000 + time[2]
  local new = struct.pack('>Bc1c16I4ddBc0Bc0', 1, 'P', ARGV[1], 1, first, first + ARGV[2] * 1000,
    #ARGV[4], ARGV[4], #ARGV[5], ARGV[5])
  local done = redis.pcall('SET', KEYS[1], new, 'PX', ARGV[3], 'NX')
  if type(done) == 'table' and done.ok then
    return { 1, 1, 0, tonumber(ARGV[2]), '', '', '' }
  end
end

