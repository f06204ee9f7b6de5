using System.Text.Json.Nodes;
using AuctionActors.Interop.Tests.Harness;

namespace AuctionActors.Interop.Tests.Hypercore;

/// <summary>The JavaScript Hypercore 10 on a folder.</summary>
internal sealed class FolderPeer : IDisposable
{
    private readonly NodePeer _node = NodePeer.Start("core-folder.js");

    internal JsonObject Open(string folder, string? seed = null)
        => Send(new JsonObject { ["op"] = "open", ["folder"] = folder, ["seed"] = seed });

    internal JsonObject Append(params byte[][] blocks)
        => Send(new JsonObject { ["op"] = "append", ["blocks"] = new JsonArray([.. blocks.Select(Hex)]) });

    /// <summary>Appends by a batch, which is only stored when it is pending.</summary>
    internal JsonObject Draft(bool restore, bool pending, params byte[][] blocks) => Send(new JsonObject
    {
        ["op"] = "draft",
        ["restore"] = restore,
        ["pending"] = pending,
        ["blocks"] = new JsonArray([.. blocks.Select(Hex)]),
    });

    internal JsonObject Truncate(long length) => Send(new JsonObject { ["op"] = "truncate", ["length"] = length });

    internal JsonObject Clear(long start, long end) => Send(new JsonObject { ["op"] = "clear", ["start"] = start, ["end"] = end });

    internal JsonObject SetUserData(string key, byte[] value)
        => Send(new JsonObject { ["op"] = "userData", ["key"] = key, ["value"] = Hex(value) });

    /// <summary>The state with every block, null for those that are not stored.</summary>
    internal JsonObject Read() => Send(new JsonObject { ["op"] = "read" });

    internal void Close() => Send(new JsonObject { ["op"] = "close" });

    /// <summary>Sends a request and gives the answer, even when it is a failure.</summary>
    internal JsonObject Try(JsonObject request)
    {
        _node.WriteLine(request.ToJsonString());
        return _node.ReadJson();
    }

    public void Dispose() => _node.Dispose();

    private JsonObject Send(JsonObject request)
    {
        JsonObject answer = Try(request);
        Assert.True((string?)answer["event"] == "done", answer.ToJsonString());
        return answer;
    }

    private static JsonNode Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
