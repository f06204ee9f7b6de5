using Hyper.Protocol.HyperDht.Messages;

namespace Hyper.Protocol.HyperDht.Connecting;

/// <summary>What a client tells the server about itself, as it knows itself when the first handshake leaves.</summary>
internal sealed class ClientOffer(ConnectOptions options, uint streamId, NodeReachability own, ClientRelay relay)
{
    private NodeReachability _own = own;
    private NodeReachability? _told;

    /// <summary>What the node knows about itself now, but open only if the server has been told so.</summary>
    public NodeReachability Reachability => _told is null ? _own : _own with { OpenAddress = _told.OpenAddress };

    public void Note(NodeReachability own) => _own = own;

    public NoisePayload Tell()
    {
        _told = _own;
        return new NoisePayload
        {
            Firewall = _own.IsOpen ? FirewallState.Open : FirewallState.Unknown,
            Addresses4 = _own.Offered(options.UsesLocalNetwork),
            Udx = new UdxInfo(streamId, ReusableSocket: options.ReusesSocket),
            SecretStream = 1,
            RelayThrough = relay.Offer,
        };
    }
}
