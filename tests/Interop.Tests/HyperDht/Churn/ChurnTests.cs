using AuctionActors.Interop.Tests.Harness;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Protocol.CompactEncoding;
using Xunit.Abstractions;

namespace AuctionActors.Interop.Tests.HyperDht.Churn;

/// <summary>One network of our nodes and JavaScript ones, bootstrapped by ours, in which all of them work while some come and go.</summary>
public sealed class ChurnTests(ITestOutputHelper output) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly RealRuntime _runtime = new("churn");

    public void Dispose() => _runtime.Dispose();

    [Fact]
    public async Task Nodes_of_both_kinds_work_with_each_other_while_nodes_come_and_go()
    {
        PeerAddress bootstrap = await StartBootstrapAsync();
        using ScriptedNodes scripted = new(bootstrap);
        ChurnRun run = new(
            new Dictionary<string, NodeStarter>
            {
                [OwnNode.Name] = (name, keys, _, isPersistent) => OwnNode.StartAsync(_runtime, name, keys, bootstrap, isPersistent),
                [ScriptedNodes.Name] = scripted.StartAsync,
            },
            nodesOfEachKind: LongForm.Choose(5, 20),
            echoBytes: LongForm.Choose(1_000_000, 10_000_000),
            TimeSpan.FromSeconds(LongForm.Choose(5, 300)),
            seed: LongForm.Choose(1, Environment.TickCount));
        await run.RunAsync();
        foreach (string line in run.Table)
            output.WriteLine(line);
        output.WriteLine($"churn: {run.Replaced} nodes replaced, {run.Explained.Count} failures with nodes that left, {run.Unexplained.Count} others");
        foreach (string failure in run.Explained.Concat(run.Unexplained).Concat(scripted.Uncaught))
            output.WriteLine(failure);
        Assert.Empty(run.Unexplained);
        Assert.Empty(scripted.Uncaught);
        Assert.Empty(run.Missing);
        Assert.True(run.Replaced > 0);
    }

    private async Task<PeerAddress> StartBootstrapAsync()
    {
        PeerAddress address = Discarding.FreePort(_runtime.Ports);
        HyperDhtOptions options = new() { Node = DhtNodeActorOptions.Bootstrapper(address, address.Host) };
        await HyperDhtClient.StartAsync(_runtime.System, _runtime.Peer("bootstrap", new MemoryFileStore()), options, Patience);
        return address;
    }
}
