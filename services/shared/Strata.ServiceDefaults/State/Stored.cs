using Google.Protobuf;

namespace Strata.ServiceDefaults.State;

/// <summary>A message behind its fences, as it was read from the store.</summary>
/// <typeparam name="T">The message.</typeparam>
/// <param name="Bytes">The value as it rests; null when there is none, or none that can be used.</param>
/// <param name="Message">The message; null when there is none.</param>
public readonly record struct Stored<T>(ReadOnlyMemory<byte>? Bytes, T? Message)
    where T : class, IMessage<T>
{
    /// <summary>What a later write must find unchanged, see <see cref="FencedValue.Header"/>.</summary>
    public ReadOnlyMemory<byte> Header => FencedValue.Header(Bytes);

    /// <summary>Fence number <paramref name="index"/>; the empty fence when there is none.</summary>
    public Fence Fence(int index = 0) => FencedValue.ReadFence(Bytes, index);
}
