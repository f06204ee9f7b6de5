namespace Hyper.Protocol.HyperDht.Holepunching;

/// <summary>The leave to search for a random port, of which a node gives few.</summary>
internal sealed class Permit(Queue<PunchEffect> effects)
{
    private bool _isAsked;

    /// <summary>Absent while it is not known.</summary>
    public bool? IsGranted { get; private set; }

    /// <summary>Asks, unless it was granted or the answer is awaited.</summary>
    public void Apply()
    {
        if (_isAsked && IsGranted is not false)
            return;
        (_isAsked, IsGranted) = (true, null);
        effects.Enqueue(new PunchEffect.ReserveRandomPunch());
    }

    public void Handle(bool isGranted) => IsGranted = isGranted;

    public void Release(bool wasUsed)
    {
        if (!_isAsked)
            return;
        (_isAsked, IsGranted) = (false, null);
        effects.Enqueue(new PunchEffect.ReleaseRandomPunch(wasUsed));
    }
}
