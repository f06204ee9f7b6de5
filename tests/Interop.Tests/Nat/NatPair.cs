using System.Text.Json.Nodes;
using AuctionActors.Interop.Tests.Harness;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Xunit.Abstractions;

namespace AuctionActors.Interop.Tests.Nat;

/// <summary>A server in one home and a client in the other, of either implementation, and one echo between them.</summary>
internal sealed class NatPair(NatLab lab) : IDisposable
{
    private static readonly Bytes32 Seed = Blake2b.Hash256("a server behind a NAT"u8);
    private static readonly string Key = KeyPair.FromSeed(Seed).PublicKey.ToHex();
    private static readonly TimeSpan NodePeerWait = TimeSpan.FromSeconds(30);
    private readonly byte[] _value = [.. Enumerable.Range(0, 20_000).Select(index => (byte)(index * 7))];
    private NodePeer? _server;

    /// <summary>False, with a word about it, where there can be no lab.</summary>
    public static bool CanRun(ITestOutputHelper output)
    {
        if (LabCapability.Missing is { } reason)
            output.WriteLine($"not run: {reason}");
        return LabCapability.Missing is null;
    }

    public void StartOurServer()
    {
        _server = lab.StartCommand(LabSide.A, "rpc", "serve", "--bootstrap", NatLab.Bootstrap, "--seed", Seed.ToHex(), "--json");
        Assert.Equal(Key, (string?)_server.ReadJson()["publicKey"]);
    }

    public void StartJavaScriptServer(params string[] flags)
    {
        _server = lab.StartScript(LabSide.A, "rpc.js", ["--bootstrap", NatLab.Bootstrap, "--any-host", .. flags]);
        _server.ReadEvent("ready");
        _server.WriteLine(new JsonObject { ["op"] = "serve", ["seed"] = Seed.ToHex() }.ToJsonString());
        _server.ReadEvent("serving");
    }

    /// <summary>Our client's own word on the path, or the code of its error.</summary>
    /// <param name="more">Further options of the call.</param>
    public string CallByUs(params string[] more) => CallByUs("echo", NodePeerWait, more);

    /// <summary>The same, of a JavaScript server that answers when the stream has moved from its relay to a way of its own.</summary>
    public string CallThatMoves(params string[] more) => CallByUs("moved", TimeSpan.FromSeconds(90), ["--timeout", "90", .. more]);

    /// <summary>How often the server has told a client to try later.</summary>
    public int TriedLater() => (int)_server!.ReadEvent("try-later")["count"]!;

    private string CallByUs(string method, TimeSpan within, string[] more)
    {
        lab.Wire.Reset();
        string value = Convert.ToHexStringLower(_value);
        using NodePeer client = lab.StartCommand(
            LabSide.B, ["rpc", "call", Key, method, value, "--bootstrap", NatLab.Bootstrap, "--json", .. more]);
        JsonObject answer = client.ReadJson(wait: within);
        if ((string?)answer["error"]?["code"] is { } code)
            return code;
        Assert.Equal(value, (string?)answer["value"]);
        return (string?)answer["path"] ?? "";
    }

    /// <summary>Absent when the echo came back, otherwise the code of the error.</summary>
    public string? CallByJavaScript()
    {
        lab.Wire.Reset();
        using NodePeer client = lab.StartScript(LabSide.B, "rpc.js", "--bootstrap", NatLab.Bootstrap, "--any-host");
        client.ReadEvent("ready");
        string value = Convert.ToHexStringLower(_value);
        client.WriteLine(new JsonObject { ["op"] = "call", ["key"] = Key, ["method"] = "echo", ["value"] = value }.ToJsonString());
        JsonObject answer = client.ReadJson(said => (string?)said["event"] is "answer" or "failed");
        if ((string?)answer["event"] == "failed")
            return (string?)answer["code"];
        Assert.Equal(value, (string?)answer["value"]);
        return null;
    }

    public void Dispose() => _server?.Dispose();
}
