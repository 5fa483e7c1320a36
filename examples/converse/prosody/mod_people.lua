-- What makes accounts and contacts for tests, asked for by GET /people/...; the server's own managers do it.
local st = require "util.stanza";
local users = require "core.usermanager";
local rosters = require "core.rostermanager";
local decode = require "util.http".formdecode;
module:depends "http";

local function list(who, other, name)
	local jid = other .. "@" .. module.host;
	local roster = rosters.load_roster(who, module.host);
	roster[jid] = { name = name, subscription = "both", groups = {} };
	-- A page that knows this version is told nothing: without a new one it would keep what it had.
	roster[false] = roster[false] or {};
	roster[false].version = (roster[false].version or 1) + 1;
	rosters.save_roster(who, module.host, roster, jid);
	rosters.roster_push(who, module.host, jid);
end

local answers = {};

function answers.account(query)
	assert(users.create_user(query.name, query.password, module.host));
	return "made";
end

function answers.befriend(query)
	list(query.one, query.other, query.othername);
	list(query.other, query.one, query.onename);
	return "done";
end

function answers.say(query)
	module:send(st.message({
		type = "chat", id = query.id, from = query.from .. "@" .. module.host .. "/tests", to = query.to .. "@" .. module.host
	}):tag("body"):text(query.text):up());
	return "sent";
end

module:provides("http", {
	route = {
		["GET /*"] = function(event, path)
			local answer = answers[path];
			return answer and answer(decode(event.request.url.query or "")) or 404;
		end;
	};
});
