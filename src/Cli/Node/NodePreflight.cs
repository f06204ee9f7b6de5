using AuctionActors.Auctions.Market.Participants;
using AuctionActors.Cli.Output;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Protocol.DhtRpc;

namespace AuctionActors.Cli.Node;

/// <summary>Asks whether a node could run at all, before it makes or opens its storage: a refused start leaves nothing behind.</summary>
internal static class NodePreflight
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <exception cref="CommandException">The port is taken, or no bootstrap node answers.</exception>
    public static async Task CheckAsync(RealRuntime runtime, ParticipantOptions options, CancellationToken cancellation)
    {
        DhtNodeActorOptions probe = new()
        {
            Bind = options.Bind,
            IsPortFixed = options.Bind.Port != 0,
            Node = new DhtNodeOptions { Persistence = DhtPersistence.Ephemeral, HasQuickFirewallCheck = false },
        };
        try
        {
            PeerRuntime seams = new(
                "probe", SystemClock.Instance, SystemEntropy.Instance, runtime.Ports, new MemoryFileStore(),
                Hyper.Actors.Runtime.Events.NullEventRecorder.Instance);
            DhtNodeClient node = await DhtNodeClient.StartAsync(runtime.System, seams, probe, Patience).ConfigureAwait(false);
            bool answered = await AnyAnswersAsync(node, options).WaitAsync(cancellation).ConfigureAwait(false);
            await node.StopAsync().ConfigureAwait(false);
            if (!answered)
                throw Unreachable(options);
        }
        catch (PortInUseException)
        {
            throw new CommandException(
                ExitCode.Usage, "PORT_IN_USE", $"UDP port {options.Bind.Port} is already in use", "choose another with --port, or 0 for any");
        }
    }

    private static async Task<bool> AnyAnswersAsync(DhtNodeClient node, ParticipantOptions options)
    {
        List<Task<bool>> pings = [.. options.Bootstrap.Select(asked => AnswersAsync(node, asked))];
        while (pings.Count > 0)
        {
            Task<bool> first = await Task.WhenAny(pings).ConfigureAwait(false);
            if (await first.ConfigureAwait(false))
                return true;
            pings.Remove(first);
        }

        return false;
    }

    private static async Task<bool> AnswersAsync(DhtNodeClient node, BootstrapNode asked)
        => await BootstrapNodes.PingAsync(node, asked).ConfigureAwait(false) is not null;

    private static CommandException Unreachable(ParticipantOptions options) => new(
        ExitCode.Offline,
        "OFFLINE",
        options.Bootstrap is [BootstrapNode only]
            ? $"bootstrap node {only} does not answer"
            : $"none of the bootstrap nodes {string.Join(", ", options.Bootstrap)} answers",
        "--bootstrap host:port names a node to join through");
}
