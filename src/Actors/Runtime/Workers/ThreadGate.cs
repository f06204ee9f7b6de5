using Hyper.Actors.Runtime.Udp.Linux;

namespace Hyper.Actors.Runtime.Workers;

/// <summary>Lets one thread wait until another opens the gate, which closes behind it. One system call on either side where there is one for it.</summary>
internal sealed unsafe class ThreadGate
{
    private readonly int _event = LibC.IsSupported ? LibC.CreateEvent(isBlocking: true) : -1;
    private bool _isOpen;

    public void Wait()
    {
        if (_event >= 0)
        {
            ulong count = 0;
            while (LibC.read(_event, &count, sizeof(ulong)) != sizeof(ulong))
            {
            }

            return;
        }

        lock (this)
        {
            while (!_isOpen)
                Monitor.Wait(this);
            _isOpen = false;
        }
    }

    public void Open()
    {
        if (_event >= 0)
        {
            ulong one = 1;
            _ = LibC.write(_event, &one, sizeof(ulong));
            return;
        }

        lock (this)
        {
            _isOpen = true;
            Monitor.Pulse(this);
        }
    }
}
