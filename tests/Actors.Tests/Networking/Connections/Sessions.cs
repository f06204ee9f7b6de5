using Hyper.Protocol.Cryptography;
using Hyper.Protocol.SecretStream.Noise;

namespace AuctionActors.Actors.Tests.Networking.Connections;

/// <summary>Finished handshakes without a network.</summary>
internal static class Sessions
{
    public static (NoiseResult Initiator, NoiseResult Responder) Create()
    {
        var entropy = new SeededEntropy(3, "sessions");
        KeyPair client = KeyPair.Generate(entropy);
        KeyPair server = KeyPair.Generate(entropy);
        NoiseHandshake initiator = NoiseHandshake.InitiateIK(client, server.PublicKey, [], entropy);
        NoiseHandshake responder = NoiseHandshake.RespondIK(server, [], entropy);
        Assert.True(initiator.TrySend([], out byte[] first));
        Assert.True(responder.TryReceive(first, out _));
        Assert.True(responder.TrySend([], out byte[] second));
        Assert.True(initiator.TryReceive(second, out _));
        return (initiator.Result!, responder.Result!);
    }
}
