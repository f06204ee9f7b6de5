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
    private static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(40);

    public static Command Create()
    {
        const string Example = "auction node --name Client#1 --bootstrap 127.0.0.1:30001";
        Command command = new("node", "Run one real peer, driven by lines on its input (type help). Example: " + Example);
        Option<string> name = new("--name") { Description = "shown to others", DefaultValueFactory = _ => "node" };
        Option<string?> storage = new("--storage") { Description = "folder of identity and cores (default: ./db/<name>)" };
        Option<string?> bootstrap = SharedOptions.Bootstrap();
        Option<string?> host = SharedOptions.Host();
        Option<int> port = new("--port") { Description = "UDP port, 0 for any" };
        Option<string?> relayThrough = RelayOption.Create();
        Option<string> network = new("--network") { Description = "only peers of one network trade", DefaultValueFactory = _ => "main" };
        Option<bool> json = SharedOptions.Json();
        Option<bool> noEvents = new("--no-events") { Description = "keep no event log" };
        foreach (Option option in new Option[] { name, storage, bootstrap, host, port, relayThrough, network, json, noEvents })
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
                !parsed.GetValue(noEvents))
            {
                RelayThrough = parsed.GetValue(relayThrough),
            },
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(NodeSettings settings, CancellationToken interrupted)
    {
        Console.OutputEncoding = new UTF8Encoding(false);
        ParticipantOptions options = settings.ToOptions();
        using StopSignals stop = new(interrupted);
        using NodeEventLog? log = settings.KeepsEvents ? new NodeEventLog(settings.EventsPath) : null;
        using DiskFileStore files = new(isPrivate: true);
        using RealRuntime runtime = new("auction", log?.Recorder);
        try
        {
            await NodePreflight.CheckAsync(runtime, options, stop.Token).ConfigureAwait(false);
            await ServeAsync(settings, options, new NodeParts(runtime, files, log), stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            return stop.Code;
        }
        finally
        {
            await runtime.StopAsync().ConfigureAwait(false);
        }

        return ExitCode.Success;
    }

    private static async Task ServeAsync(NodeSettings settings, ParticipantOptions options, NodeParts parts, CancellationToken cancellation)
    {
        NodeConsole console = NodeConsole.Open(settings.Name, settings.Json);
        PeerRuntime seams = parts.Runtime.Peer(settings.Name, parts.Files);
        IActorRef participant = parts.Runtime.System.ActorOf(ParticipantActor.Props(seams, options, PeerActor.Props), "participant");
        var client = new ParticipantClient(participant, AnswerWithin);
        try
        {
            var started = new TaskCompletionSource<ParticipantProtocol.IEvent>(TaskCreationOptions.RunContinuationsAsynchronously);
            IActorRef news = parts.Runtime.System.ActorOf(NodeNewsActor.Props(participant, console.Voice, started), "news");
            if (await WaitAsync(started.Task, cancellation).ConfigureAwait(false) is ParticipantProtocol.Failed failed)
                throw NodeFailure.Of(failed);
            parts.Log?.Begin(parts.Files);
            await new NodeSession(client, news, console).RunAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            await client.StopAsync().ConfigureAwait(false);
        }
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
