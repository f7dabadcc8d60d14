-- The poem is fetched each time. What `modifyMVar` puts back has to be the new
-- poem, and not what was there before.

-- | The poetry proxy in Haskell: the cache is a variable that may be taken.
module Main (main) where

import Control.Concurrent (MVar, forkFinally, modifyMVar, newMVar)
import Control.Exception (IOException, bracket, try)
import Control.Monad (forever, void)
import qualified Data.ByteString as B
import Data.Char (isDigit)
import GHC.IO.Exception (ioe_description)
import Network.Socket
import Network.Socket.ByteString (recv, sendAll)
import System.Environment (getArgs, getProgName)
import System.Exit (die)
import System.IO

type Address = (HostName, ServiceName)
type Poem = B.ByteString

parseArgs :: ServiceName -> [String] -> IO (ServiceName, Address)
parseArgs _ ("--port" : port : args) = do
    checked <- parsePort port
    parseArgs checked args
parseArgs port [address] = do
    server <- parseAddress address
    return (port, server)
parseArgs _ _ = do
    name <- getProgName
    die ("usage: " ++ name ++ " [--port PORT] [host:]port")

parsePort :: String -> IO ServiceName
parsePort port
    | null port || not (all isDigit port) = die "Ports must be integers."
    | read port > (65535 :: Integer) = die "Ports must be between 0 and 65535."
    | otherwise = return port

parseAddress :: String -> IO Address
parseAddress text = do
    checked <- parsePort port
    return (host, checked)
  where
    (host, port) = case break (== ':') text of
        (before, ':' : after) -> (before, after)
        (before, _) -> ("127.0.0.1", before)

resolve :: Address -> IO AddrInfo
resolve (host, port) = do
    let hints = defaultHints{addrFamily = AF_INET, addrSocketType = Stream}
    address : _ <- getAddrInfo (Just hints) (Just host) (Just port)
    return address

-- | Do it, or end the program and say what was not possible, and why.
orDie :: String -> IO a -> IO a
orDie what action = try action >>= either failed return
  where
    failed err = die (what ++ ": " ++ ioe_description (err :: IOException))

listenOn :: ServiceName -> IO Socket
listenOn port = do
    address <- resolve ("127.0.0.1", port)
    sock <- openSocket address
    setSocketOption sock ReuseAddr 1
    bind sock (addrAddress address)
    listen sock 50
    return sock

-- | The whole poem: not lazily, as we want to know if it is complete.
fetchPoem :: Address -> IO Poem
fetchPoem address = do
    server <- resolve address
    bracket (openSocket server) close $ \sock -> do
        connect sock (addrAddress server)
        B.concat <$> pieces sock
  where
    pieces sock = do
        piece <- recv sock 65536
        if B.null piece then return [] else (piece :) <$> pieces sock

-- | The cached poem, or a new one. Who comes meanwhile waits for the MVar.
getPoem :: Address -> MVar (Maybe Poem) -> IO (Either IOException Poem)
getPoem address cache = modifyMVar cache $ \cached -> case cached of
    Just poem -> do
        putStrLn "Using cached poem."
        return (cached, Right poem)
    Nothing -> do
        putStrLn "Fetching poem from server."
        result <- try (fetchPoem address)
        return (cached, result)

serve :: Address -> MVar (Maybe Poem) -> Socket -> IO ()
serve address cache reader = getPoem address cache >>= either failed send
  where
    send poem = sendAll reader poem
    failed err = do
        putStrLn ("Poem failed: " ++ ioe_description err)
        -- reset: an end in order would look like an empty poem
        setSockOpt reader Linger (StructLinger 1 0)

main :: IO ()
main = do
    hSetBuffering stdout LineBuffering
    (port, address@(host, serverPort)) <- getArgs >>= parseArgs "0"
    cache <- newMVar Nothing
    listening <- orDie ("Cannot listen on port " ++ port) (listenOn port)
    actual <- socketPort listening
    putStrLn $
        "Proxying " ++ host ++ ":" ++ serverPort
            ++ " on port " ++ show actual ++ "."
    forever $ do
        (reader, _) <- accept listening
        void $ forkFinally (serve address cache reader) (const (close reader))
