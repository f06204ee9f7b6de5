using Akka.TestKit.Xunit2;
using Hyper.Actors.Runtime;

namespace AuctionActors.Actors.Tests;

/// <summary>An actor system on real ports and in real time, which ends with its test.</summary>
public abstract class RuntimeKit : TestKit
{
    /// <param name="name">The actor system's.</param>
    /// <param name="ports">Where ports come from; the system when null.</param>
    protected RuntimeKit(string name, IDatagramPorts? ports = null)
        : this(new RealRuntime(name, ports: ports))
    {
    }

    private RuntimeKit(RealRuntime runtime)
        : base(runtime.System) => Runtime = runtime;

    private protected RealRuntime Runtime { get; }

    protected override void AfterAll()
    {
        base.AfterAll();
        Runtime.Dispose();
    }
}
