using Hyper.Protocol.HyperDht.Messages;

namespace Hyper.Protocol.HyperDht.Connecting;

/// <summary>A client's hope that a relay carries its stream, while another way is searched for.</summary>
/// <param name="offer">The relay of the client's own choice, if any.</param>
internal sealed class ClientRelay(RelayThroughInfo? offer)
{
    private bool _isPairing;
    private bool _hasFailed;

    public RelayThroughInfo? Offer => offer;

    /// <summary>The stream goes through the relay.</summary>
    public bool IsPaired { get; private set; }

    /// <summary>Where to meet the server, when either side has named a relay.</summary>
    public RelayRoute? Begin(NoisePayload server)
    {
        RelayRoute? route = RelayRoute.Of(offer, server.RelayThrough, isServer: false);
        _isPairing = route is not null;
        return route;
    }

    public void Handle(bool isPaired) => (_isPairing, IsPaired, _hasFailed) = (false, isPaired, !isPaired);

    /// <summary>What the failure of the search means: nothing while the relay may still pair, or when it has.</summary>
    public ConnectFailure? Judge(ConnectFailure failure)
        => _isPairing || IsPaired ? null : _hasFailed ? ConnectFailure.RelayAborted : failure;
}
