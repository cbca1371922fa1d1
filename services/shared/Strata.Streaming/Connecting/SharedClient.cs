namespace Strata.Streaming.Connecting;

/// <summary>
/// A client of the native library that several threads call. The library frees at once what a call in another thread still holds (the
/// client hands it bare pointers), and the process dies of it; so the client is let go by whoever leaves it last: its owner or a call that
/// nobody waits for any more.
/// </summary>
/// <param name="client">The client.</param>
internal sealed class SharedClient<T>(T client) : IDisposable
    where T : class, IDisposable
{
    private readonly Lock _lock = new();
    private int _calls;
    private bool _ended;

    /// <summary>Makes a call that blocks.</summary>
    /// <exception cref="ObjectDisposedException">Its owner has let go of the client.</exception>
    public TResult Call<TResult>(Func<T, TResult> call)
    {
        Enter();
        try
        {
            return call(client);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Makes a call that has ended when its task has, however long its caller waits.</summary>
    /// <exception cref="ObjectDisposedException">Its owner has let go of the client.</exception>
    public async Task<TResult> CallAsync<TResult>(Func<T, Task<TResult>> call)
    {
        Enter();
        try
        {
            return await call(client);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>The owner lets go. After a broker that hung the client may take minutes to end.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_ended)
            {
                return;
            }

            _ended = true;
            if (_calls > 0)
            {
                return;
            }
        }

        client.Dispose();
    }

    private void Enter()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_ended, this);
            _calls++;
        }
    }

    private void Leave()
    {
        lock (_lock)
        {
            if (--_calls > 0 || !_ended)
            {
                return;
            }
        }

        client.Dispose();
    }
}
