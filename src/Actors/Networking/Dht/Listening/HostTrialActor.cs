using Akka.Actor;
using Hyper.Actors.Runtime;
using Hyper.Protocol.CompactEncoding;

namespace Hyper.Actors.Networking.Dht.Listening;

/// <summary>Sends itself a byte at each of some hosts, tells its parent where it arrived, and is gone.</summary>
internal sealed class HostTrialActor : UntypedActor
{
    /// <summary>A datagram that stays on the machine takes microseconds; upstream waits as long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private readonly PeerRuntime _runtime;
    private readonly IReadOnlyList<uint> _hosts;
    private readonly Dictionary<uint, IDatagramPort> _ports = [];
    private readonly List<uint> _usable = [];
    private ICancelable? _end;

    public HostTrialActor(PeerRuntime runtime, IReadOnlyList<uint> hosts) => (_runtime, _hosts) = (runtime, hosts);

    public static Props Props(PeerRuntime runtime, IReadOnlyList<uint> hosts) => ActorProps.Of(() => new HostTrialActor(runtime, hosts));

    protected override void PreStart()
    {
        foreach (uint host in _hosts)
            Try(host);
        _end = Context.System.Scheduler.ScheduleTellOnceCancelable(Patience, Self, PoisonPill.Instance, Self);
        StopWhenDone();
    }

    protected override void PostStop()
    {
        _end?.Cancel();
        foreach (IDatagramPort port in _ports.Values)
            port.Dispose();
        Context.Parent.Tell(new ListenerProtocol.HostsTried(_hosts, _usable));
    }

    protected override void OnReceive(object message)
    {
        if (message is not Heard heard || !_ports.Remove(heard.Host, out IDatagramPort? port))
            return;
        port.Dispose();
        _usable.Add(heard.Host);
        StopWhenDone();
    }

    // The byte is no part of what the peer tells others: it is not recorded.
    private void Try(uint host)
    {
        try
        {
            IDatagramPort port = _runtime.Ports.Bind(new PeerAddress(host, 0), new Ear(host, Self));
            _ports[host] = port;
            port.Send([0], port.LocalAddress);
        }
        catch (IOException)
        {
            // The host is no longer the machine's: no port, nothing to wait for.
        }
    }

    private void StopWhenDone()
    {
        if (_ports.Count == 0)
            Context.Stop(Self);
    }

    private sealed record Heard(uint Host);

    private sealed class Ear(uint host, IActorRef trial) : IDatagramReceiver
    {
        public void Receive(DatagramBatch batch)
        {
            batch.Dispose();
            trial.Tell(new Heard(host));
        }
    }
}
