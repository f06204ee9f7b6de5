namespace Hyper.Protocol.Protomux;

/// <summary>Decides which opens of the remote wait for an answer of this side, and how the others are answered.</summary>
internal sealed class ParkedOpens(RemoteChannels remote, PairingTable pairings, MuxOutput output, Queue<ProtomuxEffect> effects)
{
    private readonly HashSet<ChannelName> _listened = [];
    private bool _isHolding;

    internal void Listen(ChannelName name)
    {
        _listened.Add(name);
        foreach (int id in remote.Held())
        {
            RemoteChannel held = remote.Find((ulong)id)!;
            if (TryAsk(held.HeldName!.Value))
                held.HeldName = null;
        }
    }

    internal void Unlisten(ChannelName name) => _listened.Remove(name);

    internal void Hold() => _isHolding = true;

    internal void AnswerHeld()
    {
        _isHolding = false;
        foreach (int id in remote.Held())
            Drop(id, remote.Find((ulong)id)!.ParkedIn!);
    }

    internal void Park(Pairing pairing, ControlMessage open, int length)
    {
        int id = (int)open.Id;
        if ((!_isHolding && !IsListened(open.Name)) || !remote.TryPark(id, pairing, open.Handshake, length))
        {
            output.Reject(id);
            pairings.RemoveIfIdle(pairing);
            return;
        }

        pairing.Incoming.Add(id);
        if (!TryAsk(open.Name))
            remote.Find(open.Id)!.HeldName = open.Name;
    }

    /// <summary>Rejects every open that waits under a name.</summary>
    internal void Decline(ChannelName name)
    {
        Pairing? pairing = pairings.Find(name);
        while (pairing is { Incoming.Count: > 0 })
            Drop(pairing.Incoming[0], pairing);
    }

    /// <summary>Rejects one open.</summary>
    internal void Drop(int remoteId, Pairing pairing)
    {
        pairing.Incoming.Remove(remoteId);
        remote.Unpark(remoteId);
        output.Reject(remoteId);
        pairings.RemoveIfIdle(pairing);
    }

    private bool TryAsk(ChannelName name)
    {
        bool listened = IsListened(name);
        if (listened)
            effects.Enqueue(new ProtomuxEffect.PairRequested(name.Protocol, name.Id));
        return listened;
    }

    private bool IsListened(ChannelName name) => _listened.Contains(name) || _listened.Contains(name with { Id = default });
}
