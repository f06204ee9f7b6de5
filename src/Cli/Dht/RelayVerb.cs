using System.CommandLine;
using System.Text.Json.Nodes;
using Akka.Actor;
using AuctionActors.Cli.Output;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Networking.Relaying;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Protocol.DhtRpc;

namespace AuctionActors.Cli.Dht;

/// <summary><c>auction dht relay</c>: a blind relay for peers that cannot reach each other, until it is told to stop.</summary>
internal static class RelayVerb
{
    private static readonly Option<string?> Bootstrap = SharedOptions.Bootstrap();
    private static readonly Option<string?> Host = SharedOptions.Host();
    private static readonly Option<int> Port = new("--port") { Description = "UDP port, 0 for any" };
    private static readonly Option<string?> Seed = DhtArguments.Seed();
    private static readonly Option<double> Timeout = SharedOptions.Timeout();
    private static readonly Option<double?> Statistics = new("--stats") { Description = "print what was relayed every so many seconds, and at the end" };
    private static readonly Option<bool> Json = SharedOptions.Json();

    public static Command Create()
    {
        Command relay = new("relay", "Relay streams of others at an address that is open to everybody. Example: auction dht relay --bootstrap 127.0.0.1:30001");
        foreach (Option option in (Option[])[Seed, Port, Bootstrap, Host, Timeout, Statistics, Json])
            relay.Options.Add(option);
        relay.SetAction((parsed, interrupted) => RunAsync(
            OptionsOf(parsed), SharedOptions.ToTimeout(parsed.GetValue(Timeout)),
            parsed.GetValue(Statistics) is { } every ? SharedOptions.ToTimeout(every, "--stats") : null, parsed.GetValue(Json), interrupted));
        return relay;
    }

    private static BlindRelayOptions OptionsOf(ParseResult parsed) => new()
    {
        KeyPair = DhtArguments.KeyPairOf(parsed.GetValue(Seed)),
        Dht = new HyperDhtOptions
        {
            Node = new DhtNodeActorOptions
            {
                Bind = SharedOptions.ToBind(parsed.GetValue(Host), parsed.GetValue(Port)),
                IsPortFixed = parsed.GetValue(Port) != 0,
                Node = new DhtNodeOptions { BootstrapNodes = BootstrapNodes.Parse(parsed.GetValue(Bootstrap)), IsFirewalled = false },
            },
        },
    };

    private static async Task<int> RunAsync(
        BlindRelayOptions options, TimeSpan timeout, TimeSpan? statisticsEvery, bool isJson, CancellationToken interrupted)
    {
        using StopSignals stop = new(interrupted);
        using RealRuntime runtime = new("relay");
        TaskCompletionSource<BlindRelayProtocol.IEvent> started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IActorRef owner = runtime.System.ActorOf(Props.Create(() => new OwnerActor(started)), "owner");
        IActorRef relay = runtime.System.ActorOf(BlindRelayActor.Props(runtime.Peer("relay", new MemoryFileStore()), options, owner), "relay");
        try
        {
            BlindRelayProtocol.IEvent outcome = await started.Task.WaitAsync(timeout, stop.Token).ConfigureAwait(false);
            if (outcome is BlindRelayProtocol.BindFailed failed)
                throw new CommandException(ExitCode.Usage, "PORT_IN_USE", failed.Reason, "choose another with --port");
            if (isJson)
                JsonOutput.WriteLine(new JsonObject { ["publicKey"] = options.KeyPair.PublicKey.ToHex() });
            else
                Console.WriteLine($"blind relay listening on public key: {options.KeyPair.PublicKey.ToHex()}");
            if (statisticsEvery is { } every)
                await PrintStatisticsAsync(new BlindRelayClient(relay, timeout), every, isJson, stop).ConfigureAwait(false);
            else
                await stop.WaitAsync().ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw SharedOptions.TimedOut(timeout);
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            return stop.Code;
        }

        await relay.GracefulStop(timeout, new DhtNodeProtocol.Stop(timeout / 2)).ConfigureAwait(false);
        return stop.Code;
    }

    private static async Task PrintStatisticsAsync(BlindRelayClient relay, TimeSpan every, bool isJson, StopSignals stop)
    {
        do
        {
            await Task.Delay(every, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            BlindRelayProtocol.Load load = await relay.GetLoadAsync().ConfigureAwait(false);
            if (isJson)
                JsonOutput.WriteLine(new JsonObject { ["statistics"] = TrafficText.Json(load.Statistics) });
            else
                Console.WriteLine(TrafficText.Line(load.Statistics));
        }
        while (!stop.Token.IsCancellationRequested);
    }

    private sealed class OwnerActor : UntypedActor
    {
        private readonly TaskCompletionSource<BlindRelayProtocol.IEvent> _started;

        public OwnerActor(TaskCompletionSource<BlindRelayProtocol.IEvent> started) => _started = started;

        protected override void OnReceive(object message)
        {
            if (message is BlindRelayProtocol.IEvent fact)
                _started.TrySetResult(fact);
        }
    }
}
