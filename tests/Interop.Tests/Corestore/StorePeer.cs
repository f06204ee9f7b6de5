using System.Text.Json.Nodes;
using AuctionActors.Interop.Tests.Harness;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Hypercore;

namespace AuctionActors.Interop.Tests.Corestore;

/// <summary>A JavaScript Corestore on a folder.</summary>
internal sealed class StorePeer : IDisposable
{
    private readonly NodePeer _node;
    private int _requests;

    internal StorePeer(int version, string folder, Bytes32? primaryKey = null, int? port = null, int manifestVersion = 1)
    {
        List<string> arguments = ["--version", $"{version}", "--folder", folder, "--manifest-version", $"{manifestVersion}"];
        if (primaryKey is { } secret)
            arguments.AddRange(["--primary-key", secret.ToHex()]);
        if (port is { } number)
            arguments.AddRange(["--port", $"{number}"]);
        _node = NodePeer.Start("corestore.js", [.. arguments]);
        PrimaryKey = (string)_node.ReadEvent("store")["primaryKey"]!;
    }

    internal string PrimaryKey { get; }

    internal JsonObject Open(string name, params string[] spaces)
        => Send(new JsonObject { ["op"] = "open", ["name"] = name, ["namespace"] = new JsonArray([.. spaces.Select(space => (JsonNode)space)]) });

    internal JsonObject Open(CoreKey key) => Send(new JsonObject { ["op"] = "open", ["key"] = key.ToHex() });

    internal JsonObject Append(string key, params byte[][] blocks)
        => Send(new JsonObject
        {
            ["op"] = "append",
            ["key"] = key,
            ["blocks"] = new JsonArray([.. blocks.Select(block => (JsonNode)Convert.ToHexStringLower(block))]),
        });

    internal JsonObject Read(string key) => Send(new JsonObject { ["op"] = "read", ["key"] = key });

    internal byte[] Get(string key, long index)
        => Convert.FromHexString((string)Send(new JsonObject { ["op"] = "get", ["key"] = key, ["index"] = index })["value"]!);

    internal void Leave(string key) => Send(new JsonObject { ["op"] = "leave", ["key"] = key });

    internal void Close() => Send(new JsonObject { ["op"] = "close" });

    public void Dispose() => _node.Dispose();

    private JsonObject Send(JsonObject request)
    {
        int number = ++_requests;
        request["request"] = number;
        _node.WriteLine(request.ToJsonString());
        JsonObject answer = _node.ReadJson(json => (int?)json["request"] == number || (string?)json["event"] == "error");
        Assert.True((string?)answer["event"] == "done", answer.ToJsonString());
        return answer;
    }
}
