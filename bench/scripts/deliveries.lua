-- Sends deliveries that `server sign` has signed, one after the other and from the start again.
-- wrk … -- FILE COUNT: how many of those in the file.
local requests, at = {}, 0

function init(args)
  local file = assert(io.open(args[1]))
  local before, after = file:read("*l"), file:read("*l")
  local head = "POST /hooks HTTP/1.1\r\n"
    .. "Host: hooks.example.com\r\n"
    .. "User-Agent: GitHub-Hookshot/044aadd\r\n"
    .. "Content-Length: " .. #before + 9 + #after .. "\r\n"
    .. "Accept: */*\r\n"
    .. "Content-Type: application/json\r\n"
    .. "X-GitHub-Delivery: 72d3162e-cc78-11e3-81ab-4c9367dc0958\r\n"
    .. "X-GitHub-Event: issues\r\n"
    .. "X-GitHub-Hook-ID: 292430182\r\n"
    .. "X-Hub-Signature-256: "
  for number = 0, tonumber(args[2]) - 1 do
    local body = before .. string.format("%09d", number) .. after
    requests[number + 1] = head .. file:read("*l") .. "\r\n\r\n" .. body
  end
  file:close()
end

function request()
  at = at % #requests + 1
  return requests[at]
end

-- Requests answered, microseconds, and how many failed or were refused.
function done(summary)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format("RESULT %d %d %d\n", summary.requests, summary.duration, failed))
end
