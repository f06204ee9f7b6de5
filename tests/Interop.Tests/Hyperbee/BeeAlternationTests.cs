using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using Akka.Actor;
using AuctionActors.Interop.Tests.Harness;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Actors.Storage.Bees;
using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hyperbee.Reading;
using Hyper.Protocol.Hypercore;

namespace AuctionActors.Interop.Tests.Hyperbee;

/// <summary>One bee that JavaScript and we write in turn; at the end a bee that JavaScript alone wrote must be the same to the byte.</summary>
public sealed class BeeAlternationTests : IDisposable
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(60);
    private static readonly KeyPair s_writer = KeyPair.FromSeed(new Bytes32([.. Enumerable.Repeat((byte)8, 32)]));

    private readonly string _root = Directory.CreateTempSubdirectory("bee-steps-").FullName;
    private readonly NodePeer _node = NodePeer.Start("bee-folder.js");
    private readonly Random _random = new(11);
    private readonly DiskFileStore _files = new();
    private readonly RealRuntime _runtime = new("bee-steps");

    private string Shared => Path.Combine(_root, "shared");

    [Fact]
    public async Task Random_steps_of_both_sides_leave_the_bee_that_JavaScript_alone_would_write()
    {
        JsonArray all = [];
        int steps = LongForm.Choose(200, 3000);
        for (int done = 0; done < steps;)
        {
            JsonArray theirs = Steps(ref done);
            Send(new JsonObject { ["op"] = "open", ["folder"] = Shared, ["seed"] = s_writer.ExportSeed().ToHex() });
            JsonObject after = Send(new JsonObject { ["op"] = "write", ["steps"] = theirs.DeepClone() });
            long version = (long)after["version"]!;
            Send(new JsonObject { ["op"] = "close" });

            JsonArray ours = Steps(ref done);
            List<string> entries = [], differences = [];
            string hash = await WithBeeAsync(async bee =>
            {
                await WriteAsync(bee, ours);
                entries.AddRange((await bee.ListAsync()).Select(Describe));
                differences.AddRange((await bee.DiffAsync(right: version)).Select(Describe));
            });
            Send(new JsonObject { ["op"] = "open", ["folder"] = Shared });
            JsonObject read = Send(new JsonObject { ["op"] = "read" });
            Assert.Equal(hash, (string?)read["treeHash"]);
            Assert.Equal(entries, read["entries"]!.AsArray().Select(entry => (string)entry!));
            JsonObject diff = Send(new JsonObject { ["op"] = "diff", ["from"] = version });
            Assert.Equal(differences, diff["differences"]!.AsArray().Select(one => (string)one!));
            Send(new JsonObject { ["op"] = "close" });
            foreach (JsonNode? step in (JsonNode?[])[.. theirs, .. ours])
                all.Add(step!.DeepClone());
        }

        string last = await WithBeeAsync(_ => Task.CompletedTask);
        Send(new JsonObject { ["op"] = "open", ["folder"] = Path.Combine(_root, "alone"), ["seed"] = s_writer.ExportSeed().ToHex() });
        Assert.Equal(last, (string?)Send(new JsonObject { ["op"] = "write", ["steps"] = all })["treeHash"]);
    }

    public void Dispose()
    {
        _node.Dispose();
        _runtime.StopAsync().Wait(s_timeout);
        _runtime.Dispose();
        _files.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    private JsonArray Steps(ref int done)
    {
        JsonArray steps = [];
        for (int count = _random.Next(1, 20); count > 0; count--, done++)
        {
            JsonArray step = [];
            for (int changes = _random.Next(4) == 0 ? _random.Next(2, 12) : 1; changes > 0; changes--)
            {
                string key = $"k{_random.Next(150):d3}";
                step.Add(new JsonArray(key, _random.Next(3) == 0 ? null : $"v{_random.Next()}"));
            }

            steps.Add(step);
        }

        return steps;
    }

    private static async Task WriteAsync(BeeClient bee, JsonArray steps)
    {
        foreach (JsonNode? step in steps)
        {
            ImmutableArray<BeeEdit> edits = [.. step!.AsArray().Select(change =>
            {
                byte[] key = Encoding.UTF8.GetBytes((string)change![0]!);
                return change[1] is { } value
                    ? new BeeEdit(key, Encoding.UTF8.GetBytes((string)value!))
                    : new BeeEdit(key, null, IsDeletion: true);
            })];
            await bee.WriteAsync(edits);
        }
    }

    private async Task<string> WithBeeAsync(Func<BeeClient, Task> use)
    {
        CoreOptions options = new() { Folder = Shared, Storage = HypercoreOptions.AsUpstream };
        CoreClient core = new(_runtime.System.ActorOf(CoreActor.Props(_runtime.Peer("bee", _files), options)), s_timeout);
        await core.GetInfoAsync();
        await use(new BeeClient(_runtime.System.ActorOf(BeeActor.Props(core.Core)), s_timeout));
        string hash = (await core.GetInfoAsync()).Tree.Hash.ToHex();
        await core.CloseAsync();
        return hash;
    }

    private JsonObject Send(JsonObject request)
    {
        _node.WriteLine(request.ToJsonString());
        JsonObject answer = _node.ReadJson(wait: s_timeout);
        Assert.True((string?)answer["event"] == "done", answer.ToJsonString());
        return answer;
    }

    private static string Describe(BeeEntry entry)
        => $"{entry.Sequence} {Encoding.UTF8.GetString(entry.Key.Span)}={Encoding.UTF8.GetString((entry.Value ?? default).Span)}";

    private static string Describe(BeeDifference one)
        => $"{Encoding.UTF8.GetString((one.Left ?? one.Right)!.Key.Span)} {one.Left?.Sequence.ToString() ?? "-"}/{one.Right?.Sequence.ToString() ?? "-"}";
}
