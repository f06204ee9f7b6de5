using System.CommandLine;
using System.Text;
using Akka.Actor;
using AuctionActors.Auctions.Market.Participants;
using AuctionActors.Cli.Output;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Actors.Swarm.Peers;

namespace AuctionActors.Cli.Node;

/// <summary><c>auction node</c>: one real peer, driven by lines on its input.</summary>
internal static class NodeVerb
{
    private static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(35);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(40);

    public static Command Create()
    {
        Command command = new("node", "Run one real peer. Example: auction node --name Client#1 --bootstrap 127.0.0.1:30001");
        Option<string> name = new("--name") { Description = "shown to others", DefaultValueFactory = _ => "node" };
        Option<string?> storage = new("--storage") { Description = "folder of identity and cores (default: ./db/<name>)" };
        Option<string?> bootstrap = SharedOptions.Bootstrap();
        Option<string?> host = SharedOptions.Host();
        Option<int> port = new("--port") { Description = "UDP port, 0 for any" };
        Option<string> network = new("--network") { Description = "only peers of one network trade", DefaultValueFactory = _ => "main" };
        Option<bool> json = SharedOptions.Json();
        Option<bool> noEvents = new("--no-events") { Description = "keep no event log" };
        foreach (Option option in new Option[] { name, storage, bootstrap, host, port, network, json, noEvents })
            command.Options.Add(option);
        command.SetAction((parsed, cancellation) => RunAsync(
            new NodeSettings(
                parsed.GetValue(name)!,
                parsed.GetValue(storage) ?? Path.Combine("db", parsed.GetValue(name)!),
                parsed.GetValue(bootstrap),
                parsed.GetValue(host),
                parsed.GetValue(port),
                parsed.GetValue(network)!,
                parsed.GetValue(json),
                !parsed.GetValue(noEvents)),
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(NodeSettings settings, CancellationToken cancellation)
    {
        Console.OutputEncoding = new UTF8Encoding(false);
        ParticipantOptions options = settings.ToOptions();
        if (options.IsFirewalled && !settings.Json)
            await Console.Error.WriteLineAsync("behind a NAT this node can reach open peers only").ConfigureAwait(false);
        INodeVoice voice = settings.Json ? new JsonVoice(Console.Out) : new TextVoice(Console.Out, !Console.IsInputRedirected);
        using NodeEventLog? log = settings.KeepsEvents ? new NodeEventLog() : null;
        using DiskFileStore files = new();
        using RealRuntime runtime = new("auction", log?.Recorder);
        try
        {
            await ServeAsync(settings, options, voice, new NodeParts(runtime, files, log), cancellation).ConfigureAwait(false);
        }
        finally
        {
            await runtime.StopAsync().ConfigureAwait(false);
        }

        return ExitCode.Success;
    }

    private static async Task ServeAsync(
        NodeSettings settings, ParticipantOptions options, INodeVoice voice, NodeParts parts, CancellationToken cancellation)
    {
        PeerRuntime seams = parts.Runtime.Peer(settings.Name, parts.Files);
        IActorRef participant = parts.Runtime.System.ActorOf(ParticipantActor.Props(seams, options, PeerActor.Props), "participant");
        var started = new TaskCompletionSource<ParticipantProtocol.IEvent>(TaskCreationOptions.RunContinuationsAsynchronously);
        IActorRef news = parts.Runtime.System.ActorOf(NodeNewsActor.Props(participant, voice, started), "news");
        ParticipantProtocol.IEvent outcome = await WaitAsync(started.Task, cancellation).ConfigureAwait(false);
        if (outcome is ParticipantProtocol.Failed failed)
            throw NodeFailure.Of(failed);
        parts.Log?.Begin(parts.Files, Path.Combine(settings.Storage, "events"));
        var client = new ParticipantClient(participant, AnswerWithin);
        using StreamReader input = new(Console.OpenStandardInput(), Encoding.UTF8);
        await new NodeSession(client, news, voice, settings.Name).RunAsync(input, cancellation).ConfigureAwait(false);
        await client.StopAsync().ConfigureAwait(false);
    }

    private static async Task<ParticipantProtocol.IEvent> WaitAsync(Task<ParticipantProtocol.IEvent> started, CancellationToken cancellation)
    {
        try
        {
            return await started.WaitAsync(StartWithin, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new CommandException(ExitCode.Offline, "OFFLINE", $"the network could not be joined within {StartWithin.TotalSeconds:0} s");
        }
    }

    private sealed record NodeParts(RealRuntime Runtime, DiskFileStore Files, NodeEventLog? Log);
}
