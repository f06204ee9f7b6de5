using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.DhtRpc.Requests;

namespace Hyper.Protocol.DhtRpc.Health;

/// <summary>What a node believes about its address, its firewall and its id, and how it comes to believe it.</summary>
internal sealed class NetworkAssessment
{
    private readonly AddressSampling _sampling;
    private FirewallProbe? _probe;
    private PeerAddress? _probedAddress;
    private bool _becomesPersistent;

    public NetworkAssessment(DhtNodeOptions options, NodeId tableId)
    {
        _sampling = new AddressSampling(options.MaxSampledNodes, Math.Max(1, options.BootstrapNodes.Length));
        if (options.KnownAddress is { } known)
            _sampling.Seed(known);
        IsFirewalled = options.IsFirewalled;
        TableId = tableId;
    }

    public NodeId TableId { get; private set; }

    public bool IsEphemeral { get; private set; } = true;

    public bool IsFirewalled { get; private set; }

    public ushort ServerPort { get; set; }

    public PeerAddress? Address => _sampling.Address;

    public bool IsProbing => _probe is not null;

    /// <summary>Takes a node's word about our address, if the message came in where we expect answers.</summary>
    public void Hear(PeerAddress from, bool isVerified, PeerAddress ourAddress, LocalSocket socket, TimeSpan now)
    {
        if (socket == (IsFirewalled ? LocalSocket.Client : LocalSocket.Server))
            _sampling.Hear(from, isVerified, ourAddress, now);
    }

    /// <summary>
    /// Finds out whether the server port is open and, unless <paramref name="onlyFirewall"/>, becomes persistent if it is.
    /// True when it succeeded at once; while <see cref="IsProbing"/> the verdict is still to come.
    /// </summary>
    /// <param name="askable">Nodes to ask; not needed when not firewalled.</param>
    /// <param name="pings">The requests to send; report each with <see cref="Asked"/>.</param>
    public bool Begin(bool onlyFirewall, IReadOnlyList<PeerAddress> askable, out IReadOnlyList<OutgoingRequest> pings)
    {
        pings = [];
        if (!IsEphemeral || IsProbing || (onlyFirewall && !IsFirewalled) || Address is not { Port: > 0 } address)
            return false;
        _becomesPersistent = !onlyFirewall;
        _probedAddress = address;
        if (!IsFirewalled)
            return Conclude(null);
        if (askable.Count == 0)
            return false;
        _probe = new FirewallProbe(address, ServerPort);
        pings = [.. askable.Select(node => FirewallProbe.Ping(node, ServerPort))];
        return false;
    }

    public void Asked(RequestId request) => _probe?.Asked(request);

    /// <summary>Feeds the end of a request; answers the verdict when this was the last one awaited.</summary>
    public bool? HandleEnded(RequestId request, ReceivedReply? reply)
    {
        if (_probe is not { } probe)
            return null;
        bool isProbes = reply is null ? probe.HandleFailure(request) : probe.HandleReply(request, reply);
        if (!isProbes || !probe.IsFinished)
            return null;
        _probe = null;
        return probe.IsOpen && Conclude(probe.Sampler);
    }

    /// <summary>The id is told only by persistent nodes, and only where it belongs to the source address.</summary>
    public NodeId? IdOn(LocalSocket socket) => socket == LocalSocket.Server && !IsEphemeral ? TableId : null;

    /// <summary>Steps back from other nodes' tables, for example after the machine has slept somewhere else.</summary>
    public void BecomeEphemeral() => IsEphemeral = true;

    private bool Conclude(NatSampler? probed)
    {
        IsFirewalled = false;
        if (Address != _probedAddress && Address?.Host != _probedAddress?.Host)
            return false;
        if (probed is not null)
            _sampling.Replace(probed);
        if (Address is not { Port: > 0 } address)
            return false;
        TableId = NodeId.Of(address);
        IsEphemeral = !_becomesPersistent;
        return true;
    }
}
