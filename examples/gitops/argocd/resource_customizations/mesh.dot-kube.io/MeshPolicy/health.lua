-- Health of AuthorizationPolicy, MeshPolicy and TrafficSplit (mesh.dot-kube.io), by the conditions of kstatus, which all of them have.
-- Healthy: every proxy concerned has acknowledged this generation. Progressing: proxies, or objects that are named, are waited for.
-- Degraded: it will stay like this until somebody changes something.
local health = { status = "Progressing", message = "Waiting for the operator" }
local status = obj.status
if status == nil or status.conditions == nil then
  return health
end
-- What is said of an earlier generation says nothing of this one, be it good or bad.
if obj.metadata.generation ~= nil and status.observedGeneration ~= obj.metadata.generation then
  health.message = "Waiting for the operator to see the latest change"
  return health
end

local conditions = {}
for _, condition in ipairs(status.conditions) do
  conditions[condition.type] = condition
end

-- The condition's own words, else its reason.
local function told(status, type)
  local condition = conditions[type]
  if condition.message ~= nil and condition.message ~= "" then
    return { status = status, message = condition.message }
  end
  return { status = status, message = condition.reason }
end

local function is(type, value)
  return conditions[type] ~= nil and conditions[type].status == value
end

if is("Stalled", "True") then
  return told("Degraded", "Stalled")
end
if is("Reconciling", "True") then
  return told("Progressing", "Reconciling")
end
if is("Ready", "True") then
  return told("Healthy", "Ready")
end
return health
