-- The load of the benchmark, for wrk. Environment:
--   API    muster_declare | muster_show | muster_alert | etcd_put | etcd_range
--   RUN    a prefix that makes this run's references unique
--   TOKEN  the bearer token (muster); SERVICE the id of the service to declare for (muster)
--   RATE   so many requests a second of each thread, as far as its connections allow; else as many as can be
--   IDS    a file with one incident id a line (muster_show); KEYS how many keys exist (etcd_range)
-- A write is one incident of about 600 bytes. Prints a line "RESULT {json}".
local api, run = os.getenv("API"), os.getenv("RUN") or "run"
tid = tid or 0 -- set from setup(), so it must be global
local n, size = 0, 600

local fill = string.rep("99th percentile above 900 ms for 5 min in two zones; ", 40)
local json = { ["Content-Type"] = "application/json" }
if os.getenv("TOKEN") then json["Authorization"] = "Bearer " .. os.getenv("TOKEN") end

local letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
local function base64(s)
  local out = {}
  for i = 1, #s, 3 do
    local a, b, c = s:byte(i, i + 2)
    local v = a * 65536 + (b or 0) * 256 + (c or 0)
    local four = ""
    for shift = 18, 0, -6 do
      local d = math.floor(v / 2 ^ shift) % 64
      four = four .. letters:sub(d + 1, d + 1)
    end
    out[#out + 1] = (c and four) or (b and four:sub(1, 3) .. "=") or (four:sub(1, 2) .. "==")
  end
  return table.concat(out)
end

local apis = {
  muster_declare = function()
    local head = '{"title":"Checkout latency above objective","impact":"medium","urgency":"high","service":"'
      .. (os.getenv("SERVICE") or "") .. '","reference":"'
    local middle = '","description":"'
    local reference = run .. "-0-000000"
    local text = fill:sub(1, size - #head - #middle - #reference - 2)
    return function()
      n = n + 1
      local name = string.format("%s-%d-%d", run, tid, n)
      json["Idempotency-Key"] = name
      return wrk.format("POST", "/v1/incidents", json, head .. name .. middle .. text .. '"}')
    end
  end,
  muster_alert = function()
    return function()
      n = n + 1
      local name = string.format("storm %s %d %d", run, tid, n)
      return wrk.format("POST", "/v1/alerts/alertmanager", json,
        '{"version":"4","receiver":"storm","status":"firing","groupKey":"' .. name .. '","truncatedAlerts":0,'
        .. '"groupLabels":{},"commonLabels":{},"commonAnnotations":{},"externalURL":"","alerts":[{"status":"firing",'
        .. '"labels":{"alertname":"' .. name .. '","severity":"warning"},"annotations":{},'
        .. '"startsAt":"2026-11-23T09:02:40Z","endsAt":"0001-01-01T00:00:00Z","fingerprint":"a"}]}')
    end
  end,
  muster_show = function()
    local ids = {}
    for line in io.lines(os.getenv("IDS")) do ids[#ids + 1] = line end
    return function() return wrk.format("GET", "/v1/incidents/" .. ids[math.random(#ids)], json) end
  end,
  etcd_put = function()
    local value = base64(fill:sub(1, size))
    return function()
      n = n + 1
      local key = base64(string.format("%s-%d-%d", run, tid, n))
      return wrk.format("POST", "/v3/kv/put", json, '{"key":"' .. key .. '","value":"' .. value .. '"}')
    end
  end,
  etcd_range = function()
    local keys = tonumber(os.getenv("KEYS"))
    return function()
      local key = base64(string.format("%s-0-%d", run, math.random(keys)))
      return wrk.format("POST", "/v3/kv/range", json, '{"key":"' .. key .. '"}')
    end
  end,
}

local threads = {}
function setup(thread) thread:set("tid", #threads); table.insert(threads, thread) end
function init() math.randomseed(os.time() + tid * 7919); request = apis[api]() end

-- How many answers had which status. Only of alerts: it costs reading each answer's head.
statuses = {}
if api == "muster_alert" then
  function response(status)
    local name = tostring(status)
    statuses[name] = (statuses[name] or 0) + 1
  end
end

-- Each request has its instant, so that one that is late is no reason for those behind it to be.
local rate = tonumber(os.getenv("RATE"))
if rate then
  local ffi = require("ffi")
  ffi.cdef("struct now { long seconds, nanoseconds; }; int clock_gettime(int clock, struct now *now);")
  local now, first, count = ffi.new("struct now"), nil, 0
  function delay()
    ffi.C.clock_gettime(1, now)
    local milliseconds = tonumber(now.seconds) * 1000 + tonumber(now.nanoseconds) / 1e6
    first = first or milliseconds
    count = count + 1
    return math.max(0, math.floor(first + count * 1000 / rate - milliseconds))
  end
end

function done(summary, latency)
  local e = summary.errors
  local ms = function(p) return latency:percentile(p) / 1000 end
  local counted, told = {}, {}
  for _, thread in ipairs(threads) do
    for status, count in pairs(thread:get("statuses")) do counted[status] = (counted[status] or 0) + count end
  end
  for status, count in pairs(counted) do told[#told + 1] = string.format('"%s":%d', status, count) end
  local unanswered = e.connect + e.read + e.write + e.timeout
  print(string.format(
    'RESULT {"ops":%d,"ops_s":%.1f,"p50_ms":%.3f,"p99_ms":%.3f,"max_ms":%.3f,"unanswered":%d,"errors":%d,"statuses":{%s}}',
    summary.requests, summary.requests / (summary.duration / 1e6), ms(50), ms(99), latency.max / 1000,
    unanswered, unanswered + e.status, table.concat(told, ",")))
end
