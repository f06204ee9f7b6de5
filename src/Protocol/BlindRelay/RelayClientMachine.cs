using System.Diagnostics.CodeAnalysis;

namespace Hyper.Protocol.BlindRelay;

/// <summary>The relay has paired the stream: packets go to it under this id.</summary>
public readonly record struct RelayPaired(RelayToken Token, bool IsInitiator, uint RemoteStreamId);

/// <summary>Asks a relay for partners; every request is answered once, or never.</summary>
public sealed class RelayClientMachine
{
    private readonly Dictionary<RelayToken, bool> _requests = [];
    private readonly Queue<RelayMessage> _messages = new();

    /// <summary>Requests that are not answered yet.</summary>
    public int Waiting => _requests.Count;

    /// <summary>Messages for the channel.</summary>
    public bool TryTake([NotNullWhen(true)] out RelayMessage? message) => _messages.TryDequeue(out message);

    /// <summary>False when the token is asked for already.</summary>
    public bool TryPair(RelayToken token, bool isInitiator, uint streamId)
    {
        if (!_requests.TryAdd(token, isInitiator))
            return false;
        _messages.Enqueue(new RelayMessage.Pair(isInitiator, token, streamId));
        return true;
    }

    /// <summary>Withdraws a request, or ends what came of it.</summary>
    public void Unpair(RelayToken token)
    {
        _requests.Remove(token);
        _messages.Enqueue(new RelayMessage.Unpair(token));
    }

    /// <summary>The pairing that a message of the relay reports; none when nobody asked for it.</summary>
    public RelayPaired? HandleMessage(int type, ReadOnlySpan<byte> bytes)
    {
        if (!RelayMessage.TryDecode(type, bytes, out RelayMessage? message) || message is not RelayMessage.Pair pair)
            return null;
        if (!_requests.TryGetValue(pair.Token, out bool isInitiator) || isInitiator != pair.IsInitiator)
            return null;
        _requests.Remove(pair.Token);
        return new RelayPaired(pair.Token, isInitiator, pair.StreamId);
    }
}
