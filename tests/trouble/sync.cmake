# Trouble on the way from the outbox to central.
kaiku_test(trouble_power_cut_while_saving SOURCES ${CMAKE_CURRENT_LIST_DIR}/power_cut_while_saving.cpp
  LIBS kaiku_sync_support SQLiteCpp PkgConfig::SQLITE3 TIMEOUT 300)
kaiku_test(trouble_outbox_file SOURCES ${CMAKE_CURRENT_LIST_DIR}/outbox_file_trouble.cpp
  LIBS kaiku_sync_support SQLiteCpp PkgConfig::SQLITE3)
kaiku_test(trouble_sync SOURCES ${CMAKE_CURRENT_LIST_DIR}/sync_trouble.cpp LIBS kaiku_sync_support)
