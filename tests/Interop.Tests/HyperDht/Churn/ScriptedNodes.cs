using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using AuctionActors.Interop.Tests.Harness;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Interop.Tests.HyperDht.Churn;

/// <summary>JavaScript nodes in one process, which answers requests in any order.</summary>
internal sealed class ScriptedNodes : IDisposable
{
    public const string Name = "JavaScript";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly NodePeer _process;
    private readonly ConcurrentDictionary<long, TaskCompletionSource<JsonObject>> _waiting = new();
    private readonly CancellationTokenSource _end = new();
    private readonly Thread _reader;
    private readonly Lock _writing = new();
    private long _requests;

    public ScriptedNodes(PeerAddress bootstrap)
    {
        _process = NodePeer.Start("churn.js", "--bootstrap", bootstrap.ToString());
        _process.ReadEvent("ready");
        _reader = new Thread(Read) { IsBackground = true };
        _reader.Start();
    }

    /// <summary>Faults that no request was answered with.</summary>
    public ConcurrentQueue<string> Uncaught { get; } = new();

    public async Task<IChurnNode> StartAsync(string name, KeyPair keys, Bytes32 seed, bool isPersistent)
    {
        await AskAsync(name, "start", new JsonObject { ["seed"] = seed.ToHex(), ["persistent"] = isPersistent });
        return new ScriptedNode(this, name, keys);
    }

    public void Dispose()
    {
        _end.Cancel();
        _reader.Join();
        _process.Dispose();
        _end.Dispose();
    }

    public async Task<JsonObject> AskAsync(string node, string operation, JsonObject? fields = null)
    {
        long id = Interlocked.Increment(ref _requests);
        TaskCompletionSource<JsonObject> answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[id] = answered;
        JsonObject request = fields ?? [];
        (request["id"], request["node"], request["op"]) = (id, node, operation);
        lock (_writing)
            _process.WriteLine(request.ToJsonString());
        JsonObject answer = await answered.Task.WaitAsync(Patience);
        return (bool)answer["ok"]! ? answer : throw new ChurnException((string)answer["error"]!);
    }

    private void Read()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                JsonObject message = _process.ReadJson(wait: TimeSpan.FromMilliseconds(200));
                if (message["id"] is null)
                    Uncaught.Enqueue(message.ToJsonString());
                else if (_waiting.TryRemove((long)message["id"]!, out TaskCompletionSource<JsonObject>? waiting))
                    waiting.SetResult(message);
            }
            catch (TimeoutException)
            {
                continue;
            }
        }
    }

    private sealed class ScriptedNode(ScriptedNodes process, string name, KeyPair keys) : IChurnNode
    {
        public string Kind => Name;

        public KeyPair Keys => keys;

        public Task AnnounceAsync(Bytes32 topic) => process.AskAsync(name, "announce", new JsonObject { ["topic"] = topic.ToHex() });

        public async Task<IReadOnlyCollection<PublicKey>> LookupAsync(Bytes32 topic)
        {
            JsonObject found = await process.AskAsync(name, "lookup", new JsonObject { ["topic"] = topic.ToHex() });
            return [.. found["keys"]!.AsArray().Select(key => new PublicKey(new Bytes32(Convert.FromHexString((string)key!))))];
        }

        public async Task<Bytes32> PutImmutableAsync(byte[] value)
            => new(Convert.FromHexString((string)(await process.AskAsync(name, "putImmutable", new JsonObject { ["value"] = Hex(value) }))["hash"]!));

        public async Task<byte[]?> GetImmutableAsync(Bytes32 hash)
            => Value(await process.AskAsync(name, "getImmutable", new JsonObject { ["hash"] = hash.ToHex() }));

        public Task PutMutableAsync(ulong sequence, byte[] value)
            => process.AskAsync(name, "putMutable", new JsonObject { ["seq"] = sequence, ["value"] = Hex(value) });

        public async Task<byte[]?> GetMutableAsync(PublicKey key)
            => Value(await process.AskAsync(name, "getMutable", new JsonObject { ["key"] = key.ToHex() }));

        public Task EchoAsync(PublicKey server, int bytes)
            => process.AskAsync(name, "echo", new JsonObject { ["key"] = server.ToHex(), ["bytes"] = bytes });

        public Task StopAsync(bool isGraceful) => process.AskAsync(name, "stop", new JsonObject { ["graceful"] = isGraceful });

        private static string Hex(byte[] value) => Convert.ToHexStringLower(value);

        private static byte[]? Value(JsonObject answer) => answer["value"] is { } value ? Convert.FromHexString((string)value!) : null;
    }
}
