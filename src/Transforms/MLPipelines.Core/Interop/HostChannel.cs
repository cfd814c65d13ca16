using Microsoft.ML.Runtime;

namespace MLPipelines.Interop;

/// <summary>A component's line to its ML.NET environment: messages for <c>MLContext.Log</c>, the context's seed, and its cancellation.</summary>
/// <remarks>Open one for each Fit, on the thread that calls Fit, and dispose it when Fit ends. Not thread-safe.</remarks>
public sealed class HostChannel : IDisposable
{
    readonly IHost _host;
    readonly IChannel _channel;

    HostChannel(IHost host, IChannel channel) => (_host, _channel) = (host, channel);

    /// <summary>Opens a channel.</summary>
    /// <param name="environment">The environment, usually an <c>MLContext</c>.</param>
    /// <param name="source">The component's name; it is the source of the messages.</param>
    /// <param name="activity">What is being done, for example <c>Training</c>.</param>
    public static HostChannel Open(IHostEnvironment environment, string source, string activity)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var host = environment.Register(source);
        return new(host, host.Start(activity));
    }

    /// <summary>The seed that an environment was made with; null when it was made without one.</summary>
    /// <param name="environment">The environment, usually an <c>MLContext</c>.</param>
    public static int? SeedOf(IHostEnvironment environment) => (environment as IHostEnvironmentInternal)?.Seed;

    /// <summary>
    /// A seed for everything random in one Fit: the environment's own when it has one, so that the same seed gives the same model in a
    /// fresh context; a random one otherwise.
    /// </summary>
    public int Seed => SeedOf(_host) ?? _host.Rand.Next();

    /// <summary>Whether the context's execution has been cancelled (ML.NET's own cancellation, used by its AutoML; options carry a token beside it).</summary>
    public bool IsCanceled => (_host as ICancelable)?.IsCanceled ?? false;

    /// <summary>Sends a message that users want to see.</summary>
    /// <param name="message">The message; sent as it is, braces included. An empty one is not sent.</param>
    public void Info(string message) => Send(_channel.Info, message);

    /// <summary>Sends a message for somebody who looks into a problem.</summary>
    /// <inheritdoc cref="Info"/>
    public void Trace(string message) => Send(_channel.Trace, message);

    /// <summary>Sends a message about something that probably is not what the user wants.</summary>
    /// <inheritdoc cref="Info"/>
    public void Warning(string message) => Send(_channel.Warning, message);

    /// <summary>Closes the channel.</summary>
    public void Dispose() => _channel.Dispose();

    static void Send(Action<MessageSensitivity, string> send, string message)
    {
        if (!string.IsNullOrEmpty(message)) send(MessageSensitivity.Unknown, message);
    }
}
