using System.Diagnostics;
using System.Text.Json.Nodes;
using AuctionActors.Benchmarks.Comparing;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Benchmarks.Measuring;

/// <summary>The measuring process's end of the line to a serving one, which ends with it.</summary>
internal sealed class ServingProcess : IDisposable
{
    private static readonly TimeSpan GoodbyeLimit = TimeSpan.FromSeconds(10);
    private readonly Process _process;

    private ServingProcess(Process process, JsonObject ready) => (_process, Ready) = (process, ready);

    /// <summary>What the serving process said when it was ready.</summary>
    public JsonObject Ready { get; }

    /// <summary>The bootstrap node of the serving process's network.</summary>
    public PeerAddress Bootstrap => PeerAddress.Loopback((ushort)(int)Ready["bootstrap"]!);

    /// <summary>A public key that the serving process has named.</summary>
    public PublicKey KeyOf(string name)
        => Bytes32.TryParseHex((string)Ready[name]!, out Bytes32 key) ? new PublicKey(key) : throw new FormatException(name);

    public static async Task<ServingProcess> StartAsync(IHotPath path, params string[] args)
    {
        ProcessStartInfo start = OurSide.Start(["serve", path.Name, .. args]);
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        Process process = Process.Start(start)!;
        return new ServingProcess(process, await ReadAsync(process));
    }

    public async Task<JsonObject> AskAsync(string op, JsonObject? question = null)
    {
        question ??= [];
        question["op"] = op;
        await _process.StandardInput.WriteLineAsync(question.ToJsonString());
        await _process.StandardInput.FlushAsync();
        return await ReadAsync(_process);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(GoodbyeLimit))
            _process.Kill();
        _process.Dispose();
    }

    private static async Task<JsonObject> ReadAsync(Process process)
        => await process.StandardOutput.ReadLineAsync() is { } line
            ? JsonNode.Parse(line)!.AsObject()
            : throw new InvalidOperationException("the serving process has ended");
}
